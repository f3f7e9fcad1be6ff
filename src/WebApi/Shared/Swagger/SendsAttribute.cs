using MediatR;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>Says which request an action sends, for the documentation; not needed where one of its parameters is the request.</summary>
public interface ISends
{
    /// <summary>The request's type.</summary>
    Type Request { get; }
}

/// <inheritdoc cref="ISends"/>
/// <typeparam name="TRequest">The request's type.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SendsAttribute<TRequest> : Attribute, ISends
    where TRequest : IBaseRequest
{
    /// <inheritdoc/>
    public Type Request => typeof(TRequest);
}
