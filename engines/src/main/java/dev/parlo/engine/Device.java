package dev.parlo.engine;

/** A kind of processor that engines compute on. */
public enum Device {
    /** The processor. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA
}
