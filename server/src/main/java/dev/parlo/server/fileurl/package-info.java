/** Recordings that clients name by their web address. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.fileurl;
