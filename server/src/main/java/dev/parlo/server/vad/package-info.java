/** Where somebody speaks: the route that tells it, and the detector that transcriptions use. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.vad;
