/** Files at addresses of the web that somebody else names. */
@org.jspecify.annotations.NullMarked
package dev.parlo.registry.web;
