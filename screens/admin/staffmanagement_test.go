package admin

import (
	"plenary/api"
	"plenary/screens/screentest"
)

// silentServer is an EMail Test under way, of a server that has stopped answering.
func silentServer() api.MailTest {
	test := screentest.GoodServer()
	test.Running, test.OK, test.Steps = true, false, test.Steps[:6]
	test.Steps[5].State = api.MailStepRunning
	return test
}
