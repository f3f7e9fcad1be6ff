namespace AiPlatform.Infrastructure.Shared;

/// <summary>Marks an option that is a secret, so that Production refuses values taken from documentation.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
