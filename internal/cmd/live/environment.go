package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Variables of the environment that say who calls, and where. They are those of
// the provider; the first that is set counts.
var (
	regionNames     = []string{"HW_REGION_NAME"}
	cloudNames      = []string{"HW_CLOUD"}
	accessKeyNames  = []string{"HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"}
	secretKeyNames  = []string{"HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"}
	tokenNames      = []string{"HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"}
	authTokenNames  = []string{"HW_AUTH_TOKEN"}
	userNames       = []string{"HW_USER_NAME"}
	passwordNames   = []string{"HW_USER_PASSWORD"}
	domainNames     = []string{"HW_DOMAIN_NAME"}
	domainIDNames   = []string{"HW_DOMAIN_ID"}
	agencyNames     = []string{"HW_ASSUME_ROLE_AGENCY_NAME"}
	roleDomainNames = []string{"HW_ASSUME_ROLE_DOMAIN_NAME"}
	roleIDNames     = []string{"HW_ASSUME_ROLE_DOMAIN_ID"}
	fileNames       = []string{"HW_SHARED_CONFIG_FILE"}
	profileNames    = []string{"HW_PROFILE"}
	projectIDNames  = []string{"HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"}
	projectNames    = []string{"HW_PROJECT_NAME"}
	endpointNames   = []string{"MODELARTS_ENDPOINT"}
	iamNames        = []string{"HW_AUTH_URL"}
	insecureNames   = []string{"HW_INSECURE"}
	caNames         = []string{"HW_CACERT_FILE"}
)

// environment reads variables.
type environment func(string) string

func (e environment) first(names []string) string {
	for _, name := range names {
		if value := e(name); value != "" {
			return value
		}
	}
	return ""
}

// config reads who calls, and where. Profiles and the metadata of the instance
// count where no credentials are set.
func (e environment) config() (huaweicloud.Config, error) {
	insecure := false
	if text := e.first(insecureNames); text != "" {
		var err error
		if insecure, err = strconv.ParseBool(text); err != nil {
			return huaweicloud.Config{}, fmt.Errorf("the environment variable %s is %q: write true or false", insecureNames[0], text)
		}
	}
	return huaweicloud.Config{
		Region: e.first(regionNames), Cloud: e.first(cloudNames),
		AccessKey: e.first(accessKeyNames), SecretKey: e.first(secretKeyNames), SecurityToken: e.first(tokenNames),
		AuthToken: e.first(authTokenNames), UserName: e.first(userNames), Password: e.first(passwordNames),
		DomainName: e.first(domainNames), DomainID: e.first(domainIDNames),
		AssumeRole: huaweicloud.AssumeRole{
			AgencyName: e.first(agencyNames), DomainName: e.first(roleDomainNames), DomainID: e.first(roleIDNames),
		},
		SharedConfigFile: e.first(fileNames), Profile: e.first(profileNames),
		Looked:    []string{strings.Join(slices.Concat(accessKeyNames, secretKeyNames, authTokenNames, userNames, passwordNames), ", ")},
		ProjectID: e.first(projectIDNames), ProjectName: e.first(projectNames),
		Endpoints: huaweicloud.Endpoints{
			ModelArts: e.first(endpointNames),
			IAM:       strings.TrimSuffix(strings.TrimSuffix(e.first(iamNames), "/"), "/v3"),
		},
		Insecure: insecure, CACertFile: e.first(caNames),
		UserAgent: "terraform-provider-modelarts/live",
		Retry:     modelarts.Retry, SignInAgain: modelarts.SignInAgain,
	}, nil
}
