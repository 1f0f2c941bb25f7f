/** Audio that is still coming: whose turn it is, what is being said, what was said. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.listening;
