/** Looks at what the program needs of this machine, and says what is wrong and what to do. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.doctor;
