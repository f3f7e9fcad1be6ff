using System.Reflection;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace AiPlatform.WebApi.Shared.Swagger;

/// <summary>What an action and the request that it sends declare about themselves.</summary>
/// <param name="action">The action.</param>
internal sealed class DocumentedAction(ActionDescriptor action)
{
    private readonly Type _request = RequestOf((ControllerActionDescriptor)action);

    /// <summary>How the action writes its errors.</summary>
    public RouteErrors Errors { get; } = new([.. action.EndpointMetadata, action]);

    /// <summary>The credential that the request needs; <see langword="null"/> where it needs none.</summary>
    public CredentialKind? Credential => _request.GetCustomAttribute<RequireCredentialAttribute>()?.Kind;

    /// <summary>Why the request needs no credential; <see langword="null"/> where it needs one.</summary>
    public string? Anonymous => _request.GetCustomAttribute<AllowAnonymousCallerAttribute>()?.Because;

    /// <summary>Whether forms are read as well as JSON.</summary>
    public bool ReadsForms => ((ControllerActionDescriptor)action).MethodInfo.IsDefined(typeof(AcceptsFormAttribute));

    /// <summary>Whether calls are paid for.</summary>
    public bool IsMetered => _request.IsAssignableTo(typeof(IMeteredRequest));

    /// <summary>Whether calls are carried out once under one idempotency key.</summary>
    public bool IsCharged => _request.IsAssignableTo(typeof(IChargedRequest));

    /// <summary>Whether the fields of calls with one idempotency key are compared, and not their bodies.</summary>
    public bool IsAskedByItsFields => _request.IsAssignableTo(typeof(IAskedByItsFields));

    /// <summary>What the action can be refused with, in check order, and last what stands for a failure of the platform.</summary>
    /// <param name="services">Makes the request's validators.</param>
    public IEnumerable<Error> Refusals(IServiceProvider services)
    {
        var validators = services.GetServices(typeof(IValidator<>).MakeGenericType(_request)).OfType<IValidator>();
        var ofBody = ReadsJson ? new[] { RequestErrors.BodyTooLarge, RequestErrors.BodyTooSlow } : [];
        return [.. RequestRefusals.Of(_request, validators).Where(error => !IsOfUntakenField(error)), .. ofBody, Errors.Unexpected];
    }

    private IReadOnlyList<string> UntakenFields =>
        ((ControllerActionDescriptor)action).MethodInfo.GetCustomAttribute<TakesNoAttribute>()?.Fields ?? [];

    private bool ReadsJson => ((ControllerActionDescriptor)action).MethodInfo.GetParameters()
        .Any(parameter => parameter.IsDefined(typeof(JsonBodyAttribute)));

    private bool IsOfUntakenField(Error error) =>
        UntakenFields.Any(field => error.Message.StartsWith($"{field} ", StringComparison.Ordinal));

    private static Type RequestOf(ControllerActionDescriptor action) =>
        action.MethodInfo.GetCustomAttributes().OfType<ISends>().SingleOrDefault()?.Request
        ?? action.MethodInfo.GetParameters().Select(parameter => parameter.ParameterType).SingleOrDefault(IsRequest)
        ?? throw new InvalidOperationException($"{action.DisplayName} has no parameter that is its request; name it with [Sends<…>].");

    private static bool IsRequest(Type type) => type.IsAssignableTo(typeof(IBaseRequest));
}
