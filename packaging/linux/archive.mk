# Plenary. `./install.sh` does the work, for those who have no make.

.PHONY: install uninstall user-install user-uninstall
install uninstall user-install user-uninstall:
	@DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' sh ./install.sh $@
