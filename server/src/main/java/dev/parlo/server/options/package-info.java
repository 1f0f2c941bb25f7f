/** Options of requests, each described once, whatever reads or shows them. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.options;
