using System.Reflection;
using AiPlatform.Application.Commerce;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Caching;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AutoMapper;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application;

/// <summary>Registers the use cases and the pipeline that every one of them goes through.</summary>
public static class Registration
{
    private static readonly Assembly UseCases = typeof(Registration).Assembly;

    /// <summary>Adds handlers, validators and behaviours.</summary>
    /// <param name="services">The collection to add to.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddScoped<CallRecord>();
        services.AddScoped<CallRecorder>();

        services.AddScoped<AccessTokens>();
        services.AddScoped<CredentialReader>();
        services.AddScoped<ICredentials, Credentials>();
        services.AddScoped<EmailCodes>();
        services.AddScoped<NewAccounts>();
        services.AddScoped<OwnCall>();
        services.AddScoped<IOwnProfiles, OwnProfiles>();
        services.AddScoped<SigningKeyChange>();
        services.AddScoped<SessionClock>();
        services.AddScoped<Sessions>();
        services.AddScoped<SignInGuard>();
        services.AddScoped<SignIns>();
        services.AddScoped<ITokenConfirmation, TokenConfirmation>();
        services.AddScoped<IUserDirectory, UserDirectory>();
        services.AddScoped<IOwnerDirectory, OwnerDirectory>();
        services.AddScoped<IMonthlyCredits, MonthlyCredits>();
        services.AddScoped<TermsReader>();
        services.AddScoped<ICallTerms, CallTerms>();
        services.AddScoped<IModelPrices, ModelPrices>();
        services.AddScoped<IWallets, Wallets>();
        services.AddScoped<TokenAccounts>();
        services.AddScoped<ITokenPlans, TokenPlans>();
        services.AddScoped<ITokenGrants, TokenGrants>();
        services.AddScoped<CommerceCall>();
        services.AddScoped<PlanChanges>();
        services.AddScoped<ISubscriptionRenewal, SubscriptionRenewal>();
        services.AddScoped<TermsChanges>();
        services.AddScoped<LedgerOwners>();
        services.AddScoped<AccountOrders>();
        services.AddScoped<OpeningGrants>();
        services.AddScoped<ModelChanges>();
        services.AddScoped<AccessOwners>();
        services.AddScoped<IModelAccess, ModelAccess>();
        services.AddScoped<CallHolds>();
        services.AddScoped<IEndpointCatalogue, EndpointCatalogue>();
        services.AddScoped<CacheTurn>();
        services.AddScoped<CacheRules>();
        services.AddScoped<CacheRuleChanges>();

        services.AddSingleton<IConfigurationProvider>(_ => new MapperConfiguration(maps => maps.AddProfiles(UseCases)));

        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        services.AddImplementations(typeof(IRequestHandler<,>), ServiceLifetime.Scoped);
        services.AddImplementations(typeof(IValidator<>), ServiceLifetime.Singleton);
        services.AddImplementations(typeof(ICallBound<>), ServiceLifetime.Scoped);

        // The order is the order in which a call passes them.
        services.AddScoped<IPipelineBehavior<RelayCommand, RelayReply>, KeepAnswerBehavior>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AuditBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(RateLimitBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AuthenticationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AuthorizationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehavior<,>));
        services.AddScoped<IPipelineBehavior<RelayCommand, RelayReply>, ReuseAnswerBehavior>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(BalanceBehavior<,>));
        return services;
    }

    private static void AddImplementations(this IServiceCollection services, Type definition, ServiceLifetime lifetime)
    {
        foreach (var type in UseCases.GetTypes().Where(type => type is { IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var service in type.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == definition))
            {
                services.Add(new ServiceDescriptor(service, type, lifetime));
            }
        }
    }
}
