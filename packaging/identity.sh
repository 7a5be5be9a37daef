#!/bin/sh
# Who publishes these packages. An organization that builds its own puts its name
# and addresses here, and nowhere else; those below are placeholders. In letters of
# western Europe (for the .msi), with neither quotes nor backslashes.
#
# The other scripts read it: . packaging/identity.sh
PUBLISHER='The Plenary authors'
# A mailbox that people and administrators may write to.
CONTACT=packages@plenary.int
# A page about Plenary, with help and downloads.
HOMEPAGE=https://plenary.int/
# A picture of the list of meetings, 1100 x 740, which software centres show.
SCREENSHOT=https://plenary.int/meetings.png
export PUBLISHER CONTACT HOMEPAGE SCREENSHOT
