@org.jspecify.annotations.NullMarked
package dev.parlo.spark;
