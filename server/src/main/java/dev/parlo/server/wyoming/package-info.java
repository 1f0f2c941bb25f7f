/** The Wyoming protocol, by which Home Assistant and voice satellites listen and speak. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.wyoming;
