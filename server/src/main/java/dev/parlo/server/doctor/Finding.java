package dev.parlo.server.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One thing that was looked at.
 *
 * @param name what it is
 * @param value what was found, in one line
 * @param advice what to do; "" where nothing is to be done
 */
public record Finding(String name, String value, Verdict verdict, String advice) {
    /** How it is. */
    public enum Verdict {
        @JsonProperty("ok")
        OK,
        /** Something that one may want to change; the program does without. */
        @JsonProperty("note")
        NOTE,
        /** Something does not work. */
        @JsonProperty("problem")
        PROBLEM
    }

    static Finding ok(String name, String value) {
        return new Finding(name, value, Verdict.OK, "");
    }

    static Finding note(String name, String value, String advice) {
        return new Finding(name, value, Verdict.NOTE, advice);
    }

    static Finding problem(String name, String value, String advice) {
        return new Finding(name, value, Verdict.PROBLEM, advice);
    }
}
