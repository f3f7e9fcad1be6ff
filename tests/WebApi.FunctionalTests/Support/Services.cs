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

        var message = $"{variable} is not set; run: eng/services up && . <(eng/services env)";
        if (Environment.GetEnvironmentVariable("AIPLATFORM_TEST_REQUIRE_SERVICES") == "1")
        {
            throw new InvalidOperationException(message);
        }

        throw new IgnoreException(message);
    }
}
