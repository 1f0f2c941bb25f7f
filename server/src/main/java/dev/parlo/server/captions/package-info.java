/** Audio that comes as it is spoken, and text that goes back while it does: live captions. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.captions;
