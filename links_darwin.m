// Links of the scheme plenary: come to a Mac's programs as Apple Events, not as
// arguments. NSApplication installs handlers of its own when it has launched, so
// ours is set now and once more just before the first event is given out.
#import <Cocoa/Cocoa.h>

extern void linkOpened(char *link); // links_darwin.go

@interface PlenaryLinks : NSObject
@end

@implementation PlenaryLinks

+ (void)hear:(NSNotification *)notification {
	[[NSAppleEventManager sharedAppleEventManager] setEventHandler:self
	                                                   andSelector:@selector(open:withReplyEvent:)
	                                                 forEventClass:kInternetEventClass
	                                                    andEventID:kAEGetURL];
}

+ (void)open:(NSAppleEventDescriptor *)event withReplyEvent:(NSAppleEventDescriptor *)reply {
	NSString *link = [[event paramDescriptorForKeyword:keyDirectObject] stringValue];
	if (link != nil) {
		linkOpened((char *)[link UTF8String]);
	}
}

@end

void hearLinks(void) {
	[PlenaryLinks hear:nil];
	[[NSNotificationCenter defaultCenter] addObserver:[PlenaryLinks class]
	                                         selector:@selector(hear:)
	                                             name:NSApplicationWillFinishLaunchingNotification
	                                           object:nil];
}
