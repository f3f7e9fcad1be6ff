namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The real services that some tests need; <c>eng/services</c> starts them.</summary>
public static class Services
{
    /// <summary>
    /// What a variable says of a service. Without it the test is skipped, or fails where
    /// <c>AIPLATFORM_TEST_REQUIRE_SERVICES</c> is 1.
    /// </summary>
    public static string Require(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            return value;
        }

        throw ReasonToSkip(variable) is { } reason ? new IgnoreException(reason) : new InvalidOperationException(Message(variable));
    }

    /// <summary>Why tests of a service are skipped; <see langword="null"/> where they are not.</summary>
    public static string? ReasonToSkip(string variable) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable))
        && Environment.GetEnvironmentVariable("AIPLATFORM_TEST_REQUIRE_SERVICES") != "1"
            ? Message(variable)
            : null;

    private static string Message(string variable) => $"{variable} is not set; run: eng/services up && . <(eng/services env)";
}
