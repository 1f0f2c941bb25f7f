@org.jspecify.annotations.NullMarked
package dev.parlo.server;
