/** Text to speech over HTTP and the engines behind it. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.speech;
