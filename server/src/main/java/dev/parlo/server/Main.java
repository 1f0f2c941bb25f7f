package dev.parlo.server;

/** Entry point of the server and the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("parlo");
    }
}
