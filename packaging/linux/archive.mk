# Plenary. `./install.sh` does the work, also for those who have no make. What is
# set on make's command line (DESTDIR, PREFIX) is in its environment.

.PHONY: install uninstall user-install user-uninstall
install uninstall user-install user-uninstall:
	@sh ./install.sh $@
