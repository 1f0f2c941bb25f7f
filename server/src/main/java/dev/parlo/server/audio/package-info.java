/** Uploads and files as audio. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.audio;
