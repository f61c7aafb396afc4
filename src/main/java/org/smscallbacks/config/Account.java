package org.smscallbacks.config;

/**
 * One account at one provider, as it is configured under <code>sms.account.&lt;provider&gt;.&lt;account&gt;</code>.
 *
 * @param provider the provider's folder under the routes
 * @param name the account's name in the URL
 * @param credentials what a caller must show
 * @param allowFrom the addresses a caller may come from; empty for any
 * @param timeZone the zone of the provider's times that carry no offset; empty for the provider's usual one
 * @param replyStatus the HTTP status that tells the provider "accepted"
 * @param replyBody the body that goes with it; empty for the provider's usual one
 * @param publicUrl the scheme and host the provider calls, where a signature covers the URL; empty for that of the listener
 */
public record Account(
        String provider,
        String name,
        Credentials credentials,
        AddressRanges allowFrom,
        String timeZone,
        int replyStatus,
        String replyBody,
        String publicUrl) {}
