/** Who may use an engine, in which order: the bounded queue before every engine. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.admission;
