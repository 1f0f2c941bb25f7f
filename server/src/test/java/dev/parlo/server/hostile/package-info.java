/** Attackers of a started server: inputs that once ended it, in a loop. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.hostile;
