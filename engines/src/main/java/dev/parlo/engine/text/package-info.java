/**
 * From the text of a request to pieces that can be spoken: cleaning, control tags, writing out,
 * splitting. {@link dev.parlo.engine.text.Reading}, {@link dev.parlo.engine.text.Script} and what
 * they are made of are for programs that embed the engines; the other types are internal and may
 * change with any version.
 */
@NullMarked
package dev.parlo.engine.text;

import org.jspecify.annotations.NullMarked;
