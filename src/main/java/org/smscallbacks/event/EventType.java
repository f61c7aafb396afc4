package org.smscallbacks.event;

import java.util.Arrays;
import java.util.List;

/** The types of events there are. */
public enum EventType {
    DELIVERY_REPORT("sms.delivery-report"),
    INBOUND_MESSAGE("sms.inbound-message"),
    LINK_CLICK("sms.link-click"),
    /** An item, or a whole body, that could not be read. */
    UNRECOGNISED("sms.unrecognised");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** As the event writes it. */
    public String text() {
        return text;
    }

    /** Whether this is what the event's <code>type</code> says. */
    public boolean is(String type) {
        return text.equals(type);
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(EventType::text).toList();
    }
}
