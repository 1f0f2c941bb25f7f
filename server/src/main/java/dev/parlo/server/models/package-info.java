/** Which models there are, and borrowing their engines. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.models;
