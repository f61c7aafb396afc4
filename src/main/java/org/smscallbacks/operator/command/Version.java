package org.smscallbacks.operator.command;

import picocli.CommandLine;

/** The version of the distribution. */
final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        var version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"sms " + (version == null ? "(not packaged)" : version)};
    }
}
