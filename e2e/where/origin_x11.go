//go:build !windows

package where

import (
	"fmt"
	"image"
	"io"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func init() {
	xgb.Logger.SetOutput(io.Discard) // it tells of a missing .Xauthority at each connection
}

// originOf asks X where the top left corner of a window's content is on the screen.
func originOf(w fyne.Window) (image.Point, error) {
	handle, err := handleOf(w)
	if err != nil {
		return image.Point{}, err
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return image.Point{}, fmt.Errorf("connecting to X: %w", err)
	}
	defer conn.Close()
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	at, err := xproto.TranslateCoordinates(conn, xproto.Window(handle), root, 0, 0).Reply()
	if err != nil {
		return image.Point{}, fmt.Errorf("asking X for the window's place: %w", err)
	}
	return image.Pt(int(at.DstX), int(at.DstY)), nil
}
