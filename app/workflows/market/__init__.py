"""The job market (就业市场): posts, the search for them, applications."""
