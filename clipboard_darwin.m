// A secret goes into the clipboard with a mark by which programs that remember what was
// copied leave it out: http://nspasteboard.org.
#import <Cocoa/Cocoa.h>

int concealed(const char *secret) {
	@autoreleasepool {
		NSString *text = [NSString stringWithUTF8String:secret];
		if (text == nil) {
			return 0;
		}
		NSString *mark = @"org.nspasteboard.ConcealedType";
		NSPasteboard *board = [NSPasteboard generalPasteboard];
		[board declareTypes:@[ NSPasteboardTypeString, mark ] owner:nil];
		[board setString:@"" forType:mark];
		return [board setString:text forType:NSPasteboardTypeString] ? 1 : 0;
	}
}
