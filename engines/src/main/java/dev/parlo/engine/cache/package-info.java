/** The folder of what can be made again: unpacked libraries and converted weights. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.cache;
