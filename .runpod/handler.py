"""RunPod's catalogue looks for a file of this name. Nothing runs it: the worker is the Java program
`parlo runpod` (server/src/main/java/dev/parlo/server/runpod), which the image starts by itself."""
