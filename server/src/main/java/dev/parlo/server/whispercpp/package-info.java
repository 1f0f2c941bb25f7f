/** The protocol of whisper.cpp's server. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.whispercpp;
