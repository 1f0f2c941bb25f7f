/**
 * The folder of what can be made again: unpacked libraries and converted weights. Internal: it may
 * change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.cache;
