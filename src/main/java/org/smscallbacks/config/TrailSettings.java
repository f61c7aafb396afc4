package org.smscallbacks.config;

import java.nio.file.Path;

/**
 * Where the gateway notes what happens to each event.
 *
 * @param folder null for nowhere
 * @param days how many days of it are kept
 */
public record TrailSettings(Path folder, int days) {

    static final String FOLDER = "data/trail";

    /** In the place of the folder: nothing is noted. */
    static final String NO_TRAIL = "none";

    /** Nothing is noted. */
    public static final TrailSettings NONE = new TrailSettings(null, 1);

    public boolean isOn() {
        return folder != null;
    }
}
