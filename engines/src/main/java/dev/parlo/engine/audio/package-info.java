@org.jspecify.annotations.NullMarked
package dev.parlo.engine.audio;
