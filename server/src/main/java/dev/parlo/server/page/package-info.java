/** The web page at {@code /}. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.page;
