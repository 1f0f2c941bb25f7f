package dev.parlo.server.doctor;

import java.util.List;

/** Findings that belong together. */
public record Section(String title, List<Finding> findings) {
    public Section {
        findings = List.copyOf(findings);
    }
}
