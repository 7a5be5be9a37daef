package parts

import (
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// caretRest is how long the caret of an input blinks after the last key.
const caretRest = 10 * time.Second

// caret lets the machine rest while an input has the keyboard. Fyne's own fades,
// and each shade draws the whole window anew; this one is there or not, and
// stands still after caretRest.
type caret struct {
	anim    *fyne.Animation // of the focus of now; nil where Fyne has none
	used    time.Time       // the last key
	resting bool
}

// adopt takes over the animation of an input, if Fyne has begun another one.
func (c *caret) adopt(e *widget.Entry) {
	anim := caretOf(e)
	if anim == c.anim {
		return
	}
	c.anim, c.used, c.resting = anim, time.Now(), false
	if anim != nil {
		anim.Curve = c.step
	}
}

// step is the animation's curve; it is asked at each of its frames.
func (c *caret) step(progress float32) float32 {
	if !c.resting && time.Since(c.used) > caretRest {
		c.resting = true
		c.anim.Stop()
	}
	if c.resting || progress < 0.5 {
		return 0 // seen
	}
	return 1
}

// wake has it blink again.
func (c *caret) wake() {
	c.used = time.Now()
	if c.resting {
		c.resting = false
		c.anim.Start()
	}
}

// caretOf returns the animation of Fyne's caret, which it keeps to itself; nil where
// there is none, or where a later Fyne names it otherwise: then it fades as before.
func caretOf(e *widget.Entry) *fyne.Animation {
	v := reflect.ValueOf(e).Elem().FieldByName("cursorAnim")
	if !v.IsValid() || v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	v = v.Elem().FieldByName("anim")
	if !v.IsValid() || v.Type() != reflect.TypeFor[*fyne.Animation]() {
		return nil
	}
	return (*fyne.Animation)(v.UnsafePointer())
}
