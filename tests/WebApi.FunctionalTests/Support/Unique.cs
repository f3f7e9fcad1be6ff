namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Names that no other test has.</summary>
public static class Unique
{
    public static Guid Id() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public static string Email() => $"member-{Id():N}@example.com";

    public static string Handle() => $"h_{Id():N}"[..28];

    public static string Path() => $"/made-by-a-test/{Id():N}";
}
