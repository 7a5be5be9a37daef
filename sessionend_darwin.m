// A Mac that logs the person out, or shuts down, has each program quit by the Apple Event
// by which the Dock does as well; why stands in it. NSApplication installs a handler of
// its own while it is launched, so ours follows.
#import <Cocoa/Cocoa.h>

extern void sessionEnds(void); // sessionend_darwin.go

@interface PlenaryQuit : NSObject
@end

@implementation PlenaryQuit

+ (void)hear:(NSNotification *)notification {
	[[NSAppleEventManager sharedAppleEventManager] setEventHandler:self
	                                                   andSelector:@selector(quit:withReplyEvent:)
	                                                 forEventClass:kCoreEventClass
	                                                    andEventID:kAEQuitApplication];
}

+ (void)quit:(NSAppleEventDescriptor *)event withReplyEvent:(NSAppleEventDescriptor *)reply {
	NSAppleEventDescriptor *why = [event attributeDescriptorForKeyword:kAEQuitReason];
	if (why == nil) {
		why = [event paramDescriptorForKeyword:kAEQuitReason];
	}
	OSType reason = [why enumCodeValue];
	if (reason == 0) {
		reason = [why typeCodeValue];
	}
	switch (reason) {
	case kAELogOut:
	case kAEReallyLogOut:
	case kAEShowRestartDialog:
	case kAEShowShutdownDialog:
	case kAERestart:
	case kAEShutDown:
		sessionEnds();
		break;
	default:
		[NSApp terminate:nil];
	}
}

@end

void hearQuit(void) {
	[[NSNotificationCenter defaultCenter] addObserver:[PlenaryQuit class]
	                                         selector:@selector(hear:)
	                                             name:NSApplicationDidFinishLaunchingNotification
	                                           object:nil];
}
