package notify

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The Windows Runtime, by what a toast needs of it. The names, interfaces and the places of
// their methods are those of the Windows SDK (windows.ui.notifications.idl,
// windows.data.xml.dom.idl).
const (
	classDocument = "Windows.Data.Xml.Dom.XmlDocument"
	classToast    = "Windows.UI.Notifications.ToastNotification"
	classManager  = "Windows.UI.Notifications.ToastNotificationManager"
)

var (
	ifaceDocument   = windows.GUID{Data1: 0xf7f3a506, Data2: 0x1e87, Data3: 0x42d6, Data4: [8]byte{0xbc, 0xfb, 0xb8, 0xc8, 0x09, 0xfa, 0x54, 0x94}}
	ifaceDocumentIO = windows.GUID{Data1: 0x6cd0e74e, Data2: 0xee65, Data3: 0x4489, Data4: [8]byte{0x9e, 0xbf, 0xca, 0x43, 0xe8, 0x7b, 0xa6, 0x37}}
	ifaceToasts     = windows.GUID{Data1: 0x04124b20, Data2: 0x82c6, Data3: 0x4229, Data4: [8]byte{0xb1, 0x09, 0xfd, 0x9e, 0xd4, 0x66, 0x2b, 0x53}}
	ifaceManager    = windows.GUID{Data1: 0x50ac103f, Data2: 0xd235, Data3: 0x4598, Data4: [8]byte{0xbb, 0xef, 0x98, 0xfe, 0x4d, 0x1a, 0x3a, 0xd4}}
)

// Places of methods: three of IUnknown, three of IInspectable, then those of the interface.
const (
	queryInterface            = 0
	release                   = 2
	loadXML                   = 6 // IXmlDocumentIO
	createToast               = 6 // IToastNotificationFactory
	createToastNotifierWithID = 7 // IToastNotificationManagerStatics
	show                      = 6 // IToastNotifier
	setting                   = 8
)

var (
	combase                = windows.NewLazySystemDLL("combase.dll")
	roInitialize           = combase.NewProc("RoInitialize")
	roActivateInstance     = combase.NewProc("RoActivateInstance")
	roGetActivationFactory = combase.NewProc("RoGetActivationFactory")
	windowsCreateString    = combase.NewProc("WindowsCreateString")
	windowsDeleteString    = combase.NewProc("WindowsDeleteString")
)

// object is one of the Runtime's.
type object struct {
	methods *[setting + 1]uintptr
}

// result is an error, if the Runtime's answer is one.
func result(what string, hr uintptr) error {
	if int32(hr) >= 0 {
		return nil
	}
	return fmt.Errorf("%s: 0x%08x", what, uint32(hr))
}

// call calls a method. Pointers among the arguments stay where they are meanwhile.
//
//go:uintptrescapes
func (o *object) call(what string, method int, arguments ...uintptr) error {
	hr, _, _ := syscall.SyscallN(o.methods[method], append([]uintptr{uintptr(unsafe.Pointer(o))}, arguments...)...)
	return result(what, hr)
}

// as is the object by another interface, to be released too.
func (o *object) as(iface *windows.GUID) (*object, error) {
	var other *object
	err := o.call("QueryInterface", queryInterface, uintptr(unsafe.Pointer(iface)), uintptr(unsafe.Pointer(&other)))
	return other, err
}

func (o *object) release() { _ = o.call("Release", release) }

// str makes a string of the Runtime's, which holds until free is called.
func str(text string) (handle uintptr, free func(), err error) {
	units, err := windows.UTF16FromString(text)
	if err != nil {
		return 0, nil, err
	}
	hr, _, _ := windowsCreateString.Call(uintptr(unsafe.Pointer(&units[0])), uintptr(len(units)-1), uintptr(unsafe.Pointer(&handle)))
	return handle, func() { _, _, _ = windowsDeleteString.Call(handle) }, result("WindowsCreateString", hr)
}

// prepareRuntime is for the thread that calls it, once. There is no Runtime before Windows 8.
func prepareRuntime() error {
	for _, proc := range []*windows.LazyProc{roInitialize, roActivateInstance, roGetActivationFactory, windowsCreateString, windowsDeleteString} {
		if err := proc.Find(); err != nil {
			return err
		}
	}
	const multithreaded = 1
	hr, _, _ := roInitialize.Call(multithreaded)
	return result("RoInitialize", hr)
}

// factory is what makes objects of a class, or has its functions.
func factory(class string, iface *windows.GUID) (*object, error) {
	name, free, err := str(class)
	if err != nil {
		return nil, err
	}
	defer free()
	var made *object
	hr, _, _ := roGetActivationFactory.Call(name, uintptr(unsafe.Pointer(iface)), uintptr(unsafe.Pointer(&made)))
	return made, result(class, hr)
}

// document is an XML document, as IXmlDocument.
func document(text string) (*object, error) {
	name, free, err := str(classDocument)
	if err != nil {
		return nil, err
	}
	defer free()
	var made *object
	hr, _, _ := roActivateInstance.Call(name, uintptr(unsafe.Pointer(&made)))
	if err := result(classDocument, hr); err != nil {
		return nil, err
	}
	defer made.release()
	loader, err := made.as(&ifaceDocumentIO)
	if err != nil {
		return nil, err
	}
	defer loader.release()
	content, free, err := str(text)
	if err != nil {
		return nil, err
	}
	defer free()
	if err := loader.call("LoadXml", loadXML, content); err != nil {
		return nil, err
	}
	return made.as(&ifaceDocument)
}

// showToast shows a toast in the name of a program.
func showToast(id, text string) error {
	content, err := document(text)
	if err != nil {
		return err
	}
	defer content.release()
	toasts, err := factory(classToast, &ifaceToasts)
	if err != nil {
		return err
	}
	defer toasts.release()
	var toast *object
	if err := toasts.call("CreateToastNotification", createToast, uintptr(unsafe.Pointer(content)), uintptr(unsafe.Pointer(&toast))); err != nil {
		return err
	}
	defer toast.release()
	notifier, err := notifierOf(id)
	if err != nil {
		return err
	}
	defer notifier.release()
	var allowed int32 // NotificationSetting, 0 for Enabled
	if err := notifier.call("Setting", setting, uintptr(unsafe.Pointer(&allowed))); err != nil {
		return err
	}
	if allowed != 0 {
		return fmt.Errorf("notifications are switched off: %d", allowed)
	}
	return notifier.call("Show", show, uintptr(unsafe.Pointer(toast)))
}

// notifierOf is what shows the toasts of a program.
func notifierOf(id string) (*object, error) {
	manager, err := factory(classManager, &ifaceManager)
	if err != nil {
		return nil, err
	}
	defer manager.release()
	name, free, err := str(id)
	if err != nil {
		return nil, err
	}
	defer free()
	var notifier *object
	err = manager.call("CreateToastNotifierWithId", createToastNotifierWithID, name, uintptr(unsafe.Pointer(&notifier)))
	return notifier, err
}
