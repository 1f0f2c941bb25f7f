/**
 * What is known of each language: its months, units, currencies, abbreviations and signs. Internal:
 * it may change with any version.
 */
@NullMarked
package dev.parlo.engine.text.language;

import org.jspecify.annotations.NullMarked;
