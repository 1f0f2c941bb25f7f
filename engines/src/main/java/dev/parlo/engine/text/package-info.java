/**
 * From the text of a request to pieces that can be spoken: cleaning, control tags, writing out,
 * splitting.
 */
@NullMarked
package dev.parlo.engine.text;

import org.jspecify.annotations.NullMarked;
