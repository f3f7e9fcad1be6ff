namespace AiPlatform.WebApi.Shared.Json;

/// <summary>Has an action read <c>application/x-www-form-urlencoded</c> bodies as well, as JSON objects of texts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AcceptsFormAttribute : Attribute;
