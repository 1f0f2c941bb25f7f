@org.jspecify.annotations.NullMarked
package dev.parlo.registry;
